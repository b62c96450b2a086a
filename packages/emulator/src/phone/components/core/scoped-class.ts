import type { AnySelf } from './self.ts'

/**
 * Class names from a property (`placeholder-class`), as they stand in the page: those of an isolated component's style
 * carry its prefix. glass-easel resolves them on an element that is never shown.
 */
export function scopedClass(self: AnySelf, names: unknown): string {
  const root = self.component.ownerShadowRoot
  if (typeof names !== 'string' || names.trim() === '') return ''
  if (root === null) return names
  const probe = root.createNativeNode('wx-probe')
  probe.class = names
  return (probe.$$ as unknown as HTMLElement).className
}
