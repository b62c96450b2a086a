import { builtIn } from './core/built-in.ts'
import { make } from './core/element.ts'
import { flag, list, text } from './core/property.ts'
import { scopedClass } from './core/scoped-class.ts'
import { type AnySelf, around, within } from './core/self.ts'
import { Wheel } from './core/wheel.ts'

const properties = {
  value: list(),
  name: text(),
  indicatorStyle: text(),
  indicatorClass: text(),
  maskStyle: text(),
  maskClass: text(),
  immediateChange: flag(),
}

const ROW_PX = 34

const columnsOf = (view: AnySelf): AnySelf[] => within(view, 'picker-view-column')

const rowsOf = (column: AnySelf): number => column.host.childElementCount

/** Where each column is to stand; those that the template says nothing of stand at their first row. */
function wanted(view: AnySelf): number[] {
  const value = Array.isArray(view.data['value']) ? view.data['value'] : []
  return columnsOf(view).map((column, at) =>
    Math.max(0, Math.min(rowsOf(column) - 1, Number(value[at] ?? 0) || 0)),
  )
}

function turn(view: AnySelf): void {
  const indices = wanted(view)
  for (const [at, column] of columnsOf(view).entries()) column.abilities.show?.(indices[at] ?? 0)
}

export const pickerView = builtIn('picker-view', properties, (self) => {
  const any = self as unknown as AnySelf
  const { host } = self
  const mask = make('div', '', { 'aria-hidden': 'true' })
  const indicator = make('div', '', { 'aria-hidden': 'true' })
  host.append(mask, indicator)
  host.setAttribute('role', 'group')
  const settle = () => {
    if (!host.isConnected) return
    self.style(`--row: ${indicator.offsetHeight || ROW_PX}px`)
    turn(any)
  }
  self.abilities.childChanged = () => requestAnimationFrame(settle)
  self.abilities.choose = (column) => {
    const value = wanted(any)
    value[columnsOf(any).findIndex(({ host: one }) => one === column.host)] = Number(
      column.host.dataset['at'],
    )
    self.set({ value })
    self.emit('change', { value: [...value] })
    self.emit('pickend', {})
  }
  self.abilities.childMoved = () => self.emit('pickstart', {})
  self.abilities.field = { value: () => wanted(any), reset: () => self.set({ value: [] }) }
  self.watch(() => {
    const { indicatorStyle, indicatorClass, maskStyle, maskClass } = self.data
    indicator.className = `wx-wheel-indicator ${scopedClass(any, indicatorClass)}`
    indicator.setAttribute('style', indicatorStyle)
    mask.className = `wx-wheel-mask ${scopedClass(any, maskClass)}`
    mask.setAttribute('style', maskStyle)
    settle()
  })
  self.attached(() => requestAnimationFrame(settle))
})

export const pickerViewColumn = builtIn('picker-view-column', {}, (self) => {
  const any = self as unknown as AnySelf
  const { host } = self
  host.classList.add('wx-wheel')
  const view = () => around(self, 'picker-view')
  const wheel = new Wheel(host, {
    rowPx: () => (host.firstElementChild as HTMLElement | null)?.offsetHeight || ROW_PX,
    rows: () => rowsOf(any),
    moved: () => view()?.abilities.childMoved?.(),
    rested: (index) => {
      host.dataset['at'] = String(index)
      describe(host, index)
      view()?.abilities.choose?.(any)
    },
  })
  self.abilities.show = (index) => {
    host.dataset['at'] = String(index)
    describe(host, index)
    wheel.turnTo(index)
  }
  const observer = new MutationObserver(() => view()?.abilities.childChanged?.())
  self.attached(() => {
    observer.observe(host, { childList: true })
    view()?.abilities.childChanged?.()
  })
  self.detached(() => {
    observer.disconnect()
    wheel.stop()
  })
})

/** For who hears the page: a wheel is a number that can be turned up and down, read as the row in its middle. */
function describe(host: HTMLElement, index: number): void {
  host.setAttribute('role', 'spinbutton')
  host.setAttribute('aria-valuenow', String(index))
  host.setAttribute('aria-valuetext', host.children[index]?.textContent?.trim() || String(index))
  if (!host.hasAttribute('aria-label')) host.setAttribute('aria-label', 'picker')
}
