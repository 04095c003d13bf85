export default {
  fetch: { input: "./schema.json", output: { target: "./made/orval.ts", client: "fetch" } },
  zod: { input: "./schema.json", output: { target: "./made/zod.ts", client: "zod" } },
};
