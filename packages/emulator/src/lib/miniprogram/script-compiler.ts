import type { Breathe } from './breathe.ts'
import { checkRequires } from './check-requires.ts'
import type { Problems } from './problems.ts'
import {
  brokenScript,
  type Compiled,
  compileScript,
  type Script,
  scriptsOf,
  tellBroken,
  wrapScript,
} from './scripts.ts'

type Texts = ReadonlyMap<string, string>

interface Kept {
  text: string
  compiled: Compiled
}

export interface Scripts {
  /** Script → what the browser gets. */
  codes: ReadonlyMap<string, string>
  mains: Readonly<Record<string, string>>
}

export interface ScriptCompiler {
  compile(texts: Texts, problems: Problems, breathe: Breathe): Promise<Scripts>
}

/** `main` of packages in miniprogram_npm; those that DevTools builds have index.js and no need of it. */
function mainsOf(texts: Texts): Record<string, string> {
  const mains: Record<string, string> = {}
  for (const [file, text] of texts) {
    const folder = /^(.*miniprogram_npm\/(?:@[^/]+\/)?[^/@]+)\/package\.json$/.exec(file)?.[1]
    const main = folder === undefined ? undefined : /"main"\s*:\s*"(?:\.\/)?([^"\\]+)"/.exec(text)?.[1]
    if (folder === undefined || main === undefined) continue
    mains[folder] = `${folder}/${main.endsWith('.js') ? main : `${main}.js`}`
  }
  return mains
}

function codeOf(script: Script, compiled: Compiled): string {
  return compiled.ok ? wrapScript(script, compiled.code) : brokenScript(script, compiled.fault)
}

/** Keeps what it compiled: a script that stays what it was is not compiled again. */
export function createScriptCompiler(): ScriptCompiler {
  let known = new Map<string, Kept>()
  return {
    async compile(texts, problems, breathe) {
      const scripts = scriptsOf(texts)
      const requirable = { scripts: new Set(scripts.map(({ file }) => file)), mains: mainsOf(texts) }
      const now = new Map<string, Kept>()
      const codes = new Map<string, string>()
      for (const script of scripts) {
        await breathe()
        const text = texts.get(script.source) ?? ''
        const before = known.get(script.source)
        const compiled = before?.text === text ? before.compiled : compileScript(text, script.source)
        now.set(script.source, { text, compiled })
        codes.set(script.file, codeOf(script, compiled))
        if (!compiled.ok) tellBroken(script.source, compiled.fault, problems)
        else checkRequires(script.file, script.source, compiled.code, requirable, texts, problems)
      }
      known = now
      return { codes, mains: requirable.mains }
    },
  }
}
