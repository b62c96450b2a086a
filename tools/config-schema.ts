// node tools/run.mjs tools/config-schema.ts: writes the JSON Schema of yaopai.config.json, for editors.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { configFileSchema } from '../packages/server/src/lib/load-config/schema.ts'
import { runTool } from './checks/run-tool.ts'
import { root } from './setup.mjs'

/** Beside the code, so that it goes to users with the package. */
export const schemaPath = 'packages/server/src/yaopai.config.schema.json'

/** Made from the schema that judges the file, as people write it: with defaults left out. */
export function configJsonSchema(): string {
  const schema = z.toJSONSchema(configFileSchema, { io: 'input', target: 'draft-2020-12' })
  const title = { title: 'yaopai.config.json', description: 'Configuration of a Yaopai server' }
  return `${JSON.stringify({ ...schema, ...title }, null, 2)}\n`
}

/** Whether what is committed is not what the code says any more. Its layout is the formatter's. */
export function isSchemaStale(): boolean {
  const committed: unknown = JSON.parse(readFileSync(join(root, schemaPath), 'utf8'))
  return !isDeepStrictEqual(committed, JSON.parse(configJsonSchema()))
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(join(root, schemaPath), configJsonSchema())
  runTool('@biomejs/biome/bin/biome', 'format', '--write', schemaPath)
  console.log(`Wrote ${schemaPath}`)
}
