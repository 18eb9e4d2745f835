// Plans operations with Hive's planner, for the tests that compare ours.
//
// stdin:  [{supergraph: sdl, questions: [{text, labels: [string], percentage}]}]
// stdout: [[Plan]]
// Plan:   {requests: [subgraph], rounds} or {error}

import { text } from "node:stream/consumers";
import { QueryPlanner } from "@graphql-hive/router-query-planner";

const supergraphs = JSON.parse(await text(process.stdin));
const results = supergraphs.map(({ supergraph, questions }) => {
  const planner = new QueryPlanner(supergraph);
  return questions.map((question) => planned(planner, question));
});
process.stdout.write(JSON.stringify(results));

function planned(planner, { text, labels, percentage }) {
  let plan;
  try {
    plan = planner.plan(text, null, new Set(labels), percentage);
  } catch (error) {
    return { error: String(error.message ?? error) };
  }
  return plan.node ? cost(plan.node) : { requests: [], rounds: 0 };
}

function cost(node) {
  switch (node.kind) {
    case "Fetch":
    case "BatchFetch":
      return { requests: [node.serviceName], rounds: 1 };
    case "Flatten":
      return cost(node.node);
    case "Sequence":
      return all(node.nodes, (one, other) => one + other);
    case "Parallel":
      return all(node.nodes, Math.max);
    default:
      throw new Error(`A ${node.kind} has no cost here.`);
  }
}

function all(nodes, together) {
  const costs = nodes.map(cost);
  return {
    requests: costs.flatMap(({ requests }) => requests),
    rounds: costs.map(({ rounds }) => rounds).reduce((one, other) => together(one, other), 0),
  };
}
