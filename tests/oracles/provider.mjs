// An OpenID Connect provider on this machine, for the tests of sign-in with one.
//
// argv[2]: {clients: [metadata], people: {name: {email, email_verified}}, inIdToken: boolean}
// stdout:  the port, when it answers; it lives until its standard input ends
//
// Who comes is who the header `x-person` names, without a page to click on: `x-amr` and `x-acr` are
// how they proved it, `x-proved-at` when. `POST /rotate` replaces the keys.

import { generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const { clients, people, inIdToken } = JSON.parse(process.argv[2]);

let provider;
const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    response.writeHead(500, { "content-type": "text/plain" }).end(String(error));
  });
});
server.listen(0, "127.0.0.1", () => {
  rotate();
  process.stdout.write(`${server.address().port}\n`);
});
process.stdin.on("end", () => process.exit()).resume();

async function answer(request, response) {
  if (request.url === "/rotate") {
    rotate();
    response.writeHead(204).end();
  } else if (request.url.startsWith("/interaction/")) {
    await finish(request, response);
  } else {
    await provider.callback()(request, response);
  }
}

async function finish(request, response) {
  const { "x-person": accountId, "x-amr": amr, "x-acr": acr, "x-proved-at": at } = request.headers;
  const login = { accountId, amr: amr?.split(" "), acr, ts: at && Number(at) };
  const result = accountId in people ? { login } : { error: "access_denied" };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

function rotate() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = { ...privateKey.export({ format: "jwk" }), kid: randomUUID(), use: "sig", alg: "RS256" };
  provider = new Provider(`http://127.0.0.1:${server.address().port}`, {
    clients,
    jwks: { keys: [key] },
    cookies: { keys: [randomUUID()] },
    claims: { openid: ["sub", "acr", "amr", "auth_time"], email: ["email", "email_verified"] },
    acrValues: ["urn:example:mfa"],
    conformIdTokenClaims: !inIdToken,
    features: { devInteractions: { enabled: false } },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    loadExistingGrant: granted,
    pkce: { required: () => true },
  });
}

async function granted({ oidc }) {
  const { clientId } = oidc.client;
  const grant = new oidc.provider.Grant({ clientId, accountId: oidc.session.accountId });
  grant.addOIDCScope("openid email");
  await grant.save();
  return grant;
}
