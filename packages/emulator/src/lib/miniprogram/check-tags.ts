import { BUILT_IN_TAGS, TEMPLATE_TAGS } from './built-ins.ts'
import { type Problems, placeOf, words } from './problems.ts'
import type { ProgramComponent } from './program.ts'
import { isRecord } from './read-json.ts'
import type { Tag } from './scan-wxml.ts'
import type { Templates } from './templates.ts'

type Components = Readonly<Record<string, ProgramComponent>>

/** The tags that a component's own template may use besides WeChat's. */
function namesOf({ json, usingComponents }: ProgramComponent): string[] {
  const generics = json['componentGenerics']
  return [...Object.keys(usingComponents), ...Object.keys(isRecord(generics) ? generics : {})]
}

/** Names by template: a template that others import or include may use what any of them may. */
function namesByTemplate(components: Components, links: Templates['links']): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>()
  for (const component of Object.values(components)) {
    const own = namesOf(component)
    const seen = new Set<string>()
    const waiting = [component.path]
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      if (seen.has(path)) continue
      seen.add(path)
      const known = names.get(path) ?? new Set()
      names.set(path, known)
      for (const name of own) known.add(name)
      waiting.push(...(links.get(path) ?? []))
    }
  }
  return names
}

/** The first of each name that nobody knows. */
function strangers(tags: readonly Tag[], names: ReadonlySet<string>): Tag[] {
  const first = new Map<string, Tag>()
  for (const tag of tags) {
    const isKnown = BUILT_IN_TAGS.has(tag.name) || TEMPLATE_TAGS.has(tag.name) || names.has(tag.name)
    if (!isKnown && !first.has(tag.name)) first.set(tag.name, tag)
  }
  return [...first.values()]
}

/** Tells tags that are neither WeChat's nor named in `usingComponents`: nothing of them will show. */
export function checkTags(
  texts: ReadonlyMap<string, string>,
  components: Components,
  { tags, links }: Templates,
  problems: Problems,
): void {
  for (const [path, names] of namesByTemplate(components, links)) {
    const file = `${path}.wxml`
    for (const { name, start } of strangers(tags.get(path) ?? [], names)) {
      const said = words(
        `<${name}> is no component of WeChat's and stands in no usingComponents`,
        `<${name}> 既不是微信内置组件，也没有在 usingComponents 中声明`,
      )
      problems.warning(file, said, placeOf(texts.get(file) ?? '', start))
    }
  }
}
