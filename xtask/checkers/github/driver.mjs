// Gives workflow files to GitHub's own language service and prints what it reports as a JSON list.
// Usage: node --import ./json-loader.mjs driver.mjs ACTIONS.json FILE...
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { FeatureFlags } from "@actions/expressions";
import { validate } from "@actions/languageservice";
import { TextDocument } from "vscode-languageserver-textdocument";

const [catalogue, ...files] = process.argv.slice(2);
const actions = new Map(
  JSON.parse(await readFile(catalogue, "utf8")).map((action) => [`${action.action}@${action.sha}`, action]),
);

/** What the catalogue knows of an action; any other action is an error of the language service. */
async function fetchActionMetadata({ owner, name, path, ref }) {
  const action = actions.get(`${[owner, name, path].filter(Boolean).join("/")}@${ref}`);
  if (!action) return undefined;
  const inputs = Object.entries(action.inputs).map(([input, known]) => [
    input,
    {
      description: input,
      required: known.required,
      default: known.default ?? undefined,
      deprecationMessage: known.deprecated ? `Deprecated action input '${input}'` : undefined,
    },
  ]);
  const outputs = action.outputs.map((output) => [output, { description: output }]);
  return {
    name: action.action,
    description: action.action,
    inputs: Object.fromEntries(inputs),
    outputs: Object.fromEntries(outputs),
  };
}

/** A workflow called by another one of the same repository. */
function fileProvider(root) {
  return {
    async getFileContent(reference) {
      if ("repository" in reference) {
        throw new Error("a workflow of another repository cannot be read");
      }
      return { name: reference.path, content: await readFile(resolve(root, reference.path), "utf8") };
    },
  };
}

async function check(file) {
  const document = TextDocument.create(`file://${file}`, "yaml", 1, await readFile(file, "utf8"));
  const diagnostics = await validate(document, {
    featureFlags: new FeatureFlags({ all: true }),
    actionsMetadataProvider: { fetchActionMetadata },
    // The file is <root>/.github/workflows/<name>.yml.
    fileProvider: fileProvider(resolve(dirname(file), "../..")),
  });
  return diagnostics.map(({ range, message }) => ({ file, text: `line ${range.start.line + 1}: ${message}` }));
}

const findings = [];
for (const file of files) findings.push(...(await check(file)));
console.log(JSON.stringify(findings));
