import { builtIn } from './core/built-in.ts'
import { make } from './core/element.ts'
import { flag, number, text } from './core/property.ts'
import { portionOf, snap } from './slider-value.ts'

const properties = {
  name: text(),
  min: number(0),
  max: number(100),
  step: number(1),
  disabled: flag(),
  value: number(0),
  color: text('#e9e9e9'),
  selectedColor: text('#1aad19'),
  activeColor: text('#1aad19'),
  backgroundColor: text('#e9e9e9'),
  blockSize: number(28),
  blockColor: text('#ffffff'),
  showValue: flag(),
}

const BLOCK_PX = { min: 12, max: 28 }

export const slider = builtIn(
  'slider',
  properties,
  (self) => {
    const control = make('input', 'wx-range', { type: 'range' })
    const shown = make('span', 'wx-range-value', { 'aria-hidden': 'true' })
    control.dataset['control'] = ''
    self.host.append(control, shown)
    for (const [native, event] of [
      ['input', 'changing'],
      ['change', 'change'],
    ] as const)
      control.addEventListener(native, (dom) => {
        dom.stopPropagation()
        self.set({ value: snap(Number(control.value), self.data) })
        self.emit(event, { value: self.data.value })
      })
    self.abilities.field = { value: () => self.data.value, reset: () => self.set({ value: self.data.min }) }
    self.abilities.labelTap = () => control.focus()
    self.watch(() => {
      const { min, max, step, value, disabled, showValue, blockSize } = self.data
      Object.assign(control, {
        min: String(min),
        max: String(max),
        step: String(step > 0 ? step : 1),
        disabled,
      })
      control.value = String(value)
      shown.textContent = showValue ? String(value) : ''
      const blockPx = Math.min(BLOCK_PX.max, Math.max(BLOCK_PX.min, blockSize))
      self.style(`--portion: ${portionOf(value, self.data)}; --block: ${blockPx}px; ${colours(self.data)}`)
    })
  },
  { hasContent: false },
)

interface Colours {
  color: string
  selectedColor: string
  activeColor: string
  backgroundColor: string
  blockColor: string
}

/** `color` and `selected-color` are the old names of `backgroundColor` and `activeColor`. */
function colours({ color, selectedColor, activeColor, backgroundColor, blockColor }: Colours): string {
  const track = backgroundColor === '#e9e9e9' ? color : backgroundColor
  const active = activeColor === '#1aad19' ? selectedColor : activeColor
  const said = [
    track === '#e9e9e9' ? '' : `--track: ${track}`,
    active === '#1aad19' ? '' : `--mark: ${active}`,
    blockColor === '#ffffff' ? '' : `--knob: ${blockColor}`,
  ]
  return said.filter(Boolean).join(';')
}
