import { builtIn } from './core/built-in.ts'
import { make } from './core/element.ts'
import { flag, text } from './core/property.ts'

const properties = {
  src: text(),
  mode: text('scaleToFill'),
  lazyLoad: flag(),
  webp: flag(),
  fadeIn: flag(),
  showMenuByLongpress: flag(),
  forceHttps: flag(),
}

export const image = builtIn(
  'image',
  properties,
  (self) => {
    const picture = make('img', 'wx-picture', { alt: '', draggable: 'false' })
    picture.dataset['control'] = ''
    self.host.append(picture)
    picture.addEventListener('load', () => {
      self.emit('load', { width: picture.naturalWidth, height: picture.naturalHeight })
    })
    picture.addEventListener('error', () => {
      self.emit('error', { errMsg: `GET ${self.data.src} failed: no image could be read from it` })
    })
    let shown = ''
    self.watch(() => {
      const { src, mode, lazyLoad } = self.data
      self.host.dataset['mode'] = mode
      picture.loading = lazyLoad ? 'lazy' : 'eager'
      picture.alt = String(self.data['ariaLabel' as never] ?? '')
      if (src === shown) return
      shown = src
      if (src === '') picture.removeAttribute('src')
      else picture.src = self.phone.urlOf(src, self.from())
    })
  },
  { hasContent: false },
)
