import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { root } from '../setup.mjs'
import type { Sample } from './fences.ts'

/** A sample laid as a file of its own, its lines numbered as on its page. */
export type LaidSample = Sample & { path: string }

/** Lays the samples below the repository, where packages resolve to source as everywhere. */
export function laySamples(samples: Sample[], folder: string): LaidSample[] {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  return samples.map((sample) => {
    const extension = sample.language === 'js' ? 'mjs' : 'ts'
    const name = `${sample.file.replaceAll(/[^\w.-]/g, '_')}.${sample.line}.${extension}`
    const path = join(folder, name)
    writeFileSync(path, `${'\n'.repeat(sample.line - 1)}${sample.code}\nexport {}\n`)
    return { ...sample, path }
  })
}

/** What the compiler says of each sample, by its path: strict as the tree, unused names allowed. */
export function typeCheck(samples: LaidSample[]): Map<string, string[]> {
  const options = { ...treeOptions(), noUnusedLocals: false, noUnusedParameters: false, allowJs: true }
  const program = ts.createProgram(
    samples.map(({ path }) => path),
    options,
  )
  return new Map(samples.map((sample) => [sample.path, complaints(program, sample)]))
}

function treeOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
  return ts.parseJsonConfigFileContent(config, { ...ts.sys, readDirectory: () => [] }, root).options
}

function complaints(program: ts.Program, { file, path }: LaidSample): string[] {
  const source = program.getSourceFile(path)
  if (!source) return [`${file}: could not be read`]
  const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
  return found.map(({ start = 0, messageText }) => {
    const { line } = source.getLineAndCharacterOfPosition(start)
    return `${file}:${line + 1} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
  })
}
