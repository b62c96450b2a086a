import { examplesOf, fencesOf, type Sample } from './fences.ts'
import { readPages, readPublicSource } from './files.ts'

/** Every sample of the Markdown pages and of the TSDoc of the packages. */
export function collectSamples(base: string): Sample[] {
  return [...readPages(base).flatMap(fencesOf), ...readPublicSource(base).flatMap(examplesOf)]
}

/**
 * Why a sample is left out of its checks: what its fence says after `ignore:`. Nothing else leaves one out.
 * @throws {Error} when the fence gives no reason
 */
export function ignoreReason({ file, line, flags }: Sample): string | undefined {
  if (!/^ignore\b/.test(flags)) return undefined
  const reason = /^ignore:\s*(\S.*)$/.exec(flags)?.[1]
  if (!reason) throw new Error(`${file}:${line} say why: \`\`\`ts ignore: reason`)
  return reason
}

const languages: Record<string, string> = {
  typescript: 'ts',
  javascript: 'js',
  bash: 'sh',
  shell: 'sh',
  py: 'python',
}

/** Fences whose language has another name here, so that no sample slips by: as `file:line use ts`. */
export function misnamed(samples: Sample[]): string[] {
  return samples.flatMap(({ file, line, language }) => {
    const name = languages[language.toLowerCase()]
    return name ? [`${file}:${line} write ${name} for ${language}`] : []
  })
}
