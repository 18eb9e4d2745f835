// Composes sets of subgraphs with the field's two composers, so that tests can compare ours.
//
// stdin:  [{name, subgraphs: {name: sdl}, composers?: ["apollo" | "guild"]}]
// stdout: [{name, apollo?: Result, guild?: Result}], of both unless only some are asked for
// Result: {supergraph?, api?, errors: [{code, message}], hints: [{code}]}

import { text } from "node:stream/consumers";
import { composeServices } from "@apollo/composition";
import {
  compositionHasErrors,
  composeServices as composeGuildServices,
  transformSupergraphToPublicSchema,
} from "@theguild/federation-composition";
import { parse, print, printSchema } from "graphql";

const sets = JSON.parse(await text(process.stdin));
const composedBy = { apollo: composedByApollo, guild: composedByGuild };
const results = sets.map(({ name, subgraphs, composers = Object.keys(composedBy) }) => {
  const services = Object.entries(subgraphs).map(([name, sdl]) => ({
    name,
    url: `http://${name}`,
    typeDefs: sdl,
  }));
  const asked = composers.map((composer) => [
    composer,
    resultOf(() => composedBy[composer](services)),
  ]);
  return { name, ...Object.fromEntries(asked) };
});
process.stdout.write(JSON.stringify(results));

function composedByApollo(services) {
  const result = composeServices(services.map(parsed));
  if (result.errors) {
    return { errors: result.errors.map(coded), hints: [] };
  }
  return {
    supergraph: result.supergraphSdl,
    api: printSchema(result.schema.toAPISchema().toGraphQLJSSchema()),
    errors: [],
    hints: result.hints.map((hint) => ({ code: hint.definition.code })),
  };
}

function composedByGuild(services) {
  const result = composeGuildServices(services.map(parsed));
  if (compositionHasErrors(result)) {
    return { errors: result.errors.map(coded), hints: [] };
  }
  return {
    supergraph: result.supergraphSdl,
    api: print(transformSupergraphToPublicSchema(parse(result.supergraphSdl))),
    errors: [],
    hints: [],
  };
}

function parsed(service) {
  return { ...service, typeDefs: parse(service.typeDefs) };
}

function coded(error) {
  return { code: String(error.extensions?.code ?? "WITHOUT_CODE"), message: error.message };
}

// A composer may throw instead of refusing, and what it composed may not be readable.
function resultOf(composed) {
  try {
    return composed();
  } catch (error) {
    const code = error.name === "GraphQLError" ? "INVALID_GRAPHQL" : "THROWN";
    return { errors: [{ code, message: error.message }], hints: [] };
  }
}
