import { make } from './core/element.ts'
import { Wheel } from './core/wheel.ts'
import type { Columns } from './picker-dates.ts'

const ROW_PX = 40

const WORDS = {
  zh: { cancel: '取消', confirm: '确定', column: '列', sample: '仅含部分地区' },
  en: { cancel: 'Cancel', confirm: 'OK', column: 'Column', sample: 'A sample of regions' },
}

export interface SheetOptions {
  language: 'zh' | 'en'
  title: string
  /** A word about the data, below the title. */
  isSample: boolean
  turned(column: number, index: number): void
  confirm(): void
  cancel(): void
}

interface Column {
  element: HTMLElement
  wheel: Wheel
  labels: string[]
}

/** The sheet that slides up with the wheels of a picker. Escape and a press beside it cancel. */
export class PickerSheet {
  readonly element = make('div', 'wx-sheet')
  private readonly options: SheetOptions
  private readonly wheels = make('div', 'wx-wheels')
  private columns: Column[] = []

  constructor(options: SheetOptions) {
    this.options = options
    const panel = make('div', 'wx-sheet-panel', {
      role: 'dialog',
      'aria-modal': 'true',
      'aria-label': this.title(),
    })
    panel.append(this.header(), this.wheels)
    this.wheels.append(make('div', 'wx-wheel-indicator', { 'aria-hidden': 'true' }))
    this.element.append(panel)
    this.element.addEventListener('click', (event) => {
      if (event.target === this.element) options.cancel()
    })
    this.element.addEventListener('keydown', (event) => this.pressed(event))
  }

  private title(): string {
    return this.options.title || WORDS[this.options.language].column
  }

  private header(): HTMLElement {
    const { language, title, isSample, confirm, cancel } = this.options
    const words = WORDS[language]
    const header = make('div', 'wx-sheet-header')
    const button = (label: string, className: string, act: () => void) => {
      const element = make('button', className, { type: 'button' })
      element.textContent = label
      element.addEventListener('click', act)
      return element
    }
    const heading = make('span', 'wx-sheet-title')
    heading.textContent = [title, isSample ? words.sample : ''].filter(Boolean).join(' · ')
    header.append(
      button(words.cancel, 'wx-sheet-cancel', cancel),
      heading,
      button(words.confirm, 'wx-sheet-confirm', confirm),
    )
    return header
  }

  private pressed(event: KeyboardEvent): void {
    event.stopPropagation()
    if (event.key === 'Escape') this.options.cancel()
    if (event.key === 'Enter' && !(event.target instanceof HTMLButtonElement)) this.options.confirm()
    if (event.key === 'Tab') this.keepFocus(event)
  }

  private keepFocus(event: KeyboardEvent): void {
    const all = [...this.element.querySelectorAll<HTMLElement>('button, [tabindex="0"]')]
    const edge = event.shiftKey ? all[0] : all[all.length - 1]
    if (document.activeElement !== edge) return
    event.preventDefault()
    ;(event.shiftKey ? all[all.length - 1] : all[0])?.focus()
  }

  private add(at: number): Column {
    const element = make('div', 'wx-wheel', { role: 'spinbutton' })
    const column: Column = {
      element,
      labels: [],
      wheel: new Wheel(element, {
        rowPx: () => ROW_PX,
        rows: () => column.labels.length,
        rested: (index) => this.options.turned(at, index),
      }),
    }
    this.wheels.append(element)
    return column
  }

  show({ labels, at }: Columns): void {
    while (this.columns.length > labels.length) this.columns.pop()?.element.remove()
    for (const [index, words] of labels.entries()) {
      const column = this.columns[index] ?? this.add(index)
      this.columns[index] = column
      fill(column, words)
      const row = at[index] ?? 0
      column.wheel.turnTo(row)
      column.element.setAttribute('aria-label', `${this.title()} ${index + 1}`)
      column.element.setAttribute('aria-valuenow', String(row))
      column.element.setAttribute('aria-valuetext', words[row] ?? '')
    }
  }

  focus(): void {
    this.columns[0]?.element.focus({ preventScroll: true })
  }

  close(): void {
    for (const { wheel } of this.columns) wheel.stop()
    this.element.remove()
  }
}

function fill(column: Column, labels: string[]): void {
  if (labels.length === column.labels.length && labels.every((label, at) => label === column.labels[at]))
    return
  column.labels = labels
  column.element.replaceChildren(
    ...labels.map((label) => {
      const row = make('div', 'wx-wheel-row')
      row.textContent = label
      return row
    }),
  )
}
