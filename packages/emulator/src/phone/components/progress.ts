import { builtIn } from './core/built-in.ts'
import { lengthOf, make } from './core/element.ts'
import { flag, length, number, text } from './core/property.ts'

const properties = {
  percent: number(0),
  showInfo: flag(),
  borderRadius: length(0),
  fontSize: length(16),
  strokeWidth: length(6),
  color: text('#09BB07'),
  activeColor: text('#09BB07'),
  backgroundColor: text('#EBEBEB'),
  active: flag(),
  activeMode: text('backwards'),
  duration: number(30),
}

export const progress = builtIn(
  'progress',
  properties,
  (self) => {
    const { host } = self
    const track = make('div', 'wx-progress-track')
    const bar = make('div', 'wx-progress-bar')
    const info = make('span', 'wx-progress-info', { 'aria-hidden': 'true' })
    track.append(bar)
    host.append(track, info)
    host.setAttribute('role', 'progressbar')
    host.setAttribute('aria-label', 'progress')
    let reached = 0
    bar.addEventListener('transitionend', (event) => {
      event.stopPropagation()
      if (self.data.active) self.emit('activeend', { curPercent: self.data.percent })
    })
    self.watch(() => {
      const { percent, showInfo, active, activeMode, duration, borderRadius, fontSize, strokeWidth } =
        self.data
      const now = Math.min(100, Math.max(0, percent))
      const from = active && activeMode !== 'forwards' && now !== reached ? 0 : reached
      host.setAttribute('aria-valuenow', String(now))
      info.textContent = showInfo ? `${now}%` : ''
      const sizes = `--thick: ${lengthOf(strokeWidth)}; --round: ${lengthOf(borderRadius)}; --info: ${lengthOf(fontSize)}`
      self.style(`${sizes}; ${colours(self.data)}`)
      if (now === reached) return
      fill(bar, { from, to: now, ms: active ? Math.abs(now - from) * duration : 0 })
      reached = now
    })
  },
  { hasContent: false },
)

/** Moves the bar from one percentage to another; at once where it takes no time. */
function fill(bar: HTMLElement, { from, to, ms }: { from: number; to: number; ms: number }): void {
  bar.style.transition = 'none'
  bar.style.width = `${ms > 0 ? from : to}%`
  if (ms <= 0) return
  requestAnimationFrame(() => {
    bar.style.transition = `width ${ms}ms linear`
    bar.style.width = `${to}%`
  })
}

function colours(data: { color: string; activeColor: string; backgroundColor: string }): string {
  const active = data.activeColor === '#09BB07' ? data.color : data.activeColor
  const said = [
    active === '#09BB07' ? '' : `--mark: ${active}`,
    data.backgroundColor === '#EBEBEB' ? '' : `--track: ${data.backgroundColor}`,
  ]
  return said.filter(Boolean).join(';')
}
