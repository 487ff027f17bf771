// Reads one JSON string of HTML a line, answers one JSON list of complaints a line: html-validate without starting Node for each page.
import { createInterface } from "node:readline";
import { readFileSync } from "node:fs";
import { HtmlValidate, StaticConfigLoader } from "html-validate/node";

const { why, ...config } = JSON.parse(readFileSync(process.argv[2], "utf-8"));
const validator = new HtmlValidate(new StaticConfigLoader({ root: true, ...config }));

for await (const line of createInterface({ input: process.stdin })) {
  const report = await validator.validateString(JSON.parse(line));
  const complaints = report.results.flatMap((result) => result.messages).map((found) => `${found.line}:${found.column} ${found.ruleId}: ${found.message}`);
  process.stdout.write(`${JSON.stringify(complaints)}\n`);
}
