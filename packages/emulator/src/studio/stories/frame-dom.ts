/** How often a frame is looked at while something is waited for in it. */
const LOOK_EVERY_MS = 60
const PATIENCE_MS = 15_000
const CANDIDATES = 'button, wx-button, wx-navigator, [role="button"], wx-view, wx-text, wx-label'

function isSeen(element: Element): boolean {
  return element.getClientRects().length > 0
}

function textOf(element: Element): string {
  return (element.textContent ?? '').trim()
}

/** The innermost element on the screen whose whole text is one of these. */
export function findByText(root: ParentNode, texts: readonly string[]): HTMLElement | undefined {
  const hits = [...root.querySelectorAll<HTMLElement>(CANDIDATES)].filter(
    (element) => texts.includes(textOf(element)) && isSeen(element),
  )
  return hits.find((element) => !hits.some((other) => other !== element && element.contains(other)))
}

/** Gives what `look` finds as soon as it finds it. */
export function appear<T>(look: () => T | undefined, what: string): Promise<T> {
  const until = performance.now() + PATIENCE_MS
  return new Promise((resolve, reject) => {
    const again = () => {
      const found = look()
      if (found !== undefined) resolve(found)
      else if (performance.now() > until) reject(new Error(`"${what}" did not appear`))
      else setTimeout(again, LOOK_EVERY_MS)
    }
    again()
  })
}

/** Scrolls the page in the phone and nothing around it: `scrollIntoView` would move the phone's own frame too. */
function bringIntoSight(target: HTMLElement): void {
  for (let around = target.parentElement; around !== null; around = around.parentElement) {
    const canScroll = /auto|scroll/.test(getComputedStyle(around).overflowY)
    if (!canScroll || around.scrollHeight <= around.clientHeight) continue
    const [outer, inner] = [around.getBoundingClientRect(), target.getBoundingClientRect()]
    if (inner.top < outer.top || inner.bottom > outer.bottom) {
      around.scrollTop += inner.top - outer.top - (outer.height - inner.height) / 2
    }
    return
  }
}

/** Shows where the story's finger is, then presses there. */
export function press(element: HTMLElement): void {
  const target = element.closest<HTMLElement>('button, wx-button, wx-navigator, [role="button"]') ?? element
  bringIntoSight(target)
  const { animate } = target
  if (!matchMedia('(prefers-reduced-motion: reduce)').matches && typeof animate === 'function') {
    const ring = [
      { boxShadow: '0 0 0 0 #b3341f' },
      { boxShadow: '0 0 0 9px #b3341f55' },
      { boxShadow: 'none' },
    ]
    target.animate(ring, { duration: 600 })
  }
  target.click()
}
