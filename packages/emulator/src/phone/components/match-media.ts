import { builtIn } from './core/built-in.ts'
import { type Property, text } from './core/property.ts'

const px: Property<unknown> = { type: null, value: null }

const properties = {
  minWidth: px,
  maxWidth: px,
  width: px,
  minHeight: px,
  maxHeight: px,
  height: px,
  orientation: text(),
}

const CONDITIONS = {
  minWidth: 'min-width',
  maxWidth: 'max-width',
  width: 'width',
  minHeight: 'min-height',
  maxHeight: 'max-height',
  height: 'height',
} as const

type Sizes = Readonly<Record<keyof typeof CONDITIONS, unknown>>

/** The CSS media query for what a `<match-media>` asks; empty where it asks nothing. */
export function queryOf(sizes: Sizes, orientation: string): string {
  const asked = Object.entries(CONDITIONS).flatMap(([property, condition]) => {
    const value = parseFloat(String(sizes[property as keyof Sizes]))
    return Number.isFinite(value) ? [`(${condition}: ${value}px)`] : []
  })
  const way =
    orientation === 'portrait' || orientation === 'landscape' ? [`(orientation: ${orientation})`] : []
  return [...asked, ...way].join(' and ')
}

export const matchMedia = builtIn('match-media', properties, (self) => {
  let query: MediaQueryList | undefined
  const render = () => self.host.toggleAttribute('data-unmatched', query?.matches === false)
  self.watch(() => {
    const wanted = queryOf(self.data, self.data.orientation)
    if (query?.media === wanted) return
    query?.removeEventListener('change', render)
    query = window.matchMedia(wanted)
    query.addEventListener('change', render)
    render()
  })
  self.detached(() => query?.removeEventListener('change', render))
})
