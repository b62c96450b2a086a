import { builtIn } from './core/built-in.ts'
import { makePressable } from './core/press.ts'
import { anything, flag, list, text } from './core/property.ts'
import type { AnySelf } from './core/self.ts'
import { columnsFor, detailOf, type PickerData, pickedValue } from './picker-model.ts'
import { PickerSheet } from './picker-sheet.ts'

const properties = {
  mode: text('selector'),
  name: text(),
  range: list(),
  rangeKey: text(),
  value: anything(),
  start: text(),
  end: text(),
  fields: text('day'),
  level: text('region'),
  customItem: text(),
  headerText: text(),
  disabled: flag(),
}

const two = (value: number): string => String(value).padStart(2, '0')

function today(): string {
  const now = new Date()
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}

/** A picker whose sheet is open: its wheels may stand elsewhere than the value, until they are confirmed. */
class OpenPicker {
  private readonly self: AnySelf
  private readonly ended: () => void
  private readonly sheet: PickerSheet
  /** Where the wheels stand; the value of the template counts again when it says another. */
  private value: unknown
  private told: unknown

  constructor(self: AnySelf, ended: () => void) {
    this.self = self
    this.ended = ended
    this.value = self.data['value']
    this.told = self.data['value']
    const { headerText, mode } = self.data
    this.sheet = new PickerSheet({
      language: self.phone.language,
      title: String(headerText),
      isSample: mode === 'region',
      turned: (column, index) => this.turned(column, index),
      confirm: () => this.confirm(),
      cancel: () => this.cancel(),
    })
    self.phone.overlay.append(this.sheet.element)
    this.render()
    this.sheet.focus()
  }

  private columns() {
    return columnsFor({ ...(this.self.data as unknown as PickerData), value: this.value, today: today() })
  }

  private mode(): string {
    return String(this.self.data['mode'])
  }

  render(): void {
    if (this.self.data['value'] !== this.told) this.value = this.told = this.self.data['value']
    this.sheet.show(this.columns())
  }

  private turned(column: number, index: number): void {
    const columns = this.columns()
    columns.at[column] = index
    this.value = pickedValue(this.mode(), columns)
    this.sheet.show(this.columns())
    if (this.mode() === 'multiSelector' || this.mode() === 'region')
      this.self.emit('columnchange', { column, value: index })
  }

  private confirm(): void {
    const value = pickedValue(this.mode(), this.columns())
    this.close()
    this.self.set({ value })
    this.self.emit('change', detailOf(this.mode(), value))
  }

  private cancel(): void {
    this.close()
    this.self.emit('cancel', {})
  }

  close(): void {
    this.sheet.close()
    this.self.host.focus({ preventScroll: true })
    this.ended()
  }
}

export const picker = builtIn('picker', properties, (self) => {
  const any = self as unknown as AnySelf
  let open: OpenPicker | undefined
  const press = () => {
    open ??= new OpenPicker(any, () => {
      open = undefined
    })
  }
  makePressable(any, { isDisabled: () => self.data.disabled, press, role: 'button' })
  self.host.setAttribute('aria-haspopup', 'dialog')
  self.abilities.field = {
    value: () => self.data.value ?? emptyValue(self.data.mode),
    reset: () => self.set({ value: emptyValue(self.data.mode) }),
  }
  self.watch(() => open?.render())
  self.detached(() => open?.close())
})

function emptyValue(mode: string): unknown {
  if (mode === 'multiSelector' || mode === 'region') return []
  return mode === 'time' || mode === 'date' ? '' : 0
}
