// Uploads a file as real clients do: tus-js-client, which goes on by itself when it is cut.
// node upload.mjs ENDPOINT|UPLOAD FILE CASE_ID AUTHORIZATION → the upload's URL
import { createReadStream, statSync } from "node:fs";
import { basename } from "node:path";
import { Upload } from "tus-js-client";

const [url, path, caseId, authorization] = process.argv.slice(2);

const upload = new Upload(createReadStream(path), {
  ...(url.endsWith("/uploads/cases") ? { endpoint: url } : { uploadUrl: url }),
  uploadSize: statSync(path).size,
  retryDelays: Array(20).fill(50),
  headers: { Authorization: authorization },
  metadata: { filename: basename(path), caseId },
  onError: (error) => {
    console.error(String(error));
    process.exitCode = 1;
  },
  onSuccess: () => {
    console.log(upload.url);
    process.exit(); // streams of requests that were cut would keep it waiting
  },
});
upload.start();
