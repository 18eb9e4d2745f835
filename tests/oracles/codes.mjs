// Prints the code of every error that the reference composer knows, as a JSON list.

import { ERRORS } from "@apollo/federation-internals";

const codes = new Set(Object.values(ERRORS).map((definition) => definition.code));
process.stdout.write(JSON.stringify([...codes].sort()));
