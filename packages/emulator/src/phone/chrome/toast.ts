import { ICONS, icon, make } from './dom.ts'

export interface ToastOptions {
  title?: string
  icon?: 'success' | 'error' | 'loading' | 'none'
  /** Address of a picture in the place of the icon. */
  image?: string | undefined
  /** Milliseconds; 0: until it is hidden. */
  duration: number
  /** Whether taps beside it reach nothing. */
  mask?: boolean
}

export interface Toasts {
  show(kind: 'toast' | 'loading', options: ToastOptions): void
  hide(kind?: 'toast' | 'loading'): void
}

function pictureOf({ icon: name = 'success', image }: ToastOptions): Element | undefined {
  if (image !== undefined) return make('img', { class: 'toast-picture', src: image, alt: '' })
  if (name === 'loading') return make('span', { class: 'toast-spinner' })
  if (name === 'none') return undefined
  return icon(name === 'error' ? ICONS.failed : ICONS.done, 'toast-icon')
}

/** `wx.showToast`, `wx.showLoading`: one at a time, said to who does not see it. */
export function createToasts(layer: HTMLElement, timeout: (run: () => void, ms: number) => number): Toasts {
  const live = make('div', { class: 'toast-layer', role: 'status', 'aria-live': 'polite' })
  layer.append(live)
  let shown: { kind: 'toast' | 'loading'; timer: number } | undefined
  const hide = (kind?: 'toast' | 'loading') => {
    if (!shown || (kind !== undefined && kind !== shown.kind)) return
    clearTimeout(shown.timer)
    live.replaceChildren()
    live.classList.remove('toast-masking')
    shown = undefined
  }
  return {
    hide,
    show(kind, options) {
      hide()
      const picture = pictureOf(options)
      const toast = make('div', { class: picture ? 'toast toast-square' : 'toast' })
      if (picture) toast.append(picture)
      toast.append(make('span', { class: 'toast-title' }, options.title ?? ''))
      live.append(toast)
      live.classList.toggle('toast-masking', options.mask === true)
      shown = { kind, timer: options.duration === 0 ? 0 : timeout(hide, options.duration) }
    },
  }
}
