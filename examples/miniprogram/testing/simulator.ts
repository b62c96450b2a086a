import { createRequire } from 'node:module'
import { newPlace } from './browser.ts'

const require = createRequire(import.meta.url)

/** What wcc made of a template: data in, tree out. */
type Template = (data: unknown) => unknown

/** A node of what is shown. */
export interface TreeNode {
  readonly tagName: string
  readonly attrs: readonly { readonly name: string; readonly value: unknown }[]
  readonly children: readonly (TreeNode | string)[]
}

export interface Rendered {
  readonly dom: { readonly textContent: string | null; readonly outerHTML: string }
  readonly data: Readonly<Record<string, unknown>>
  readonly instance: Record<string, unknown>
  attach(parent: unknown): void
  detach(): void
  dispatchEvent(name: string, options?: { detail?: unknown; bubbles?: boolean }): void
  querySelector(selector: string): Rendered | undefined
  querySelectorAll(selector: string): Rendered[]
  toJSON(): TreeNode
}

/** What miniprogram-simulate takes beside a component's own definition. */
interface Definition {
  readonly template: Template | string
  readonly tagName: string
  readonly usingComponents: Readonly<Record<string, string>>
  readonly [more: string]: unknown
}

interface Simulator {
  load(definition: Definition): string
  render(id: string): Rendered
}

interface Compiler {
  wxmlToJs(root: string): string
}

export const simulator: Simulator = require('miniprogram-simulate')
export const compiler: Compiler = require('miniprogram-compiler')

/** WeChat's compiler is a program for Linux on x86-64; elsewhere the simulator reads the templates itself. */
export const hasOfficialCompiler = process.platform === 'linux' && process.arch === 'x64'

export function draw(id: string): Rendered {
  const rendered = simulator.render(id)
  rendered.attach(newPlace())
  return rendered
}
