export { createYaopai } from './create-yaopai.ts'
export type * from './types.ts'
export { YaopaiError } from './yaopai-error.ts'
