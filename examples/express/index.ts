export { createDemo, type DemoOptions } from './demo.ts'
export { type RunningDemo, type StartDemoOptions, start } from './start.ts'
