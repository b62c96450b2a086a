import { builtIn } from './core/built-in.ts'
import { make } from './core/element.ts'
import { hoverProperties, makeHover } from './core/hover.ts'
import { anything, text } from './core/property.ts'

export const coverView = builtIn(
  'cover-view',
  { scrollTop: anything(), ...hoverProperties('none', 50, 400) },
  (self) => {
    makeHover(self, 'none')
    self.watch(() => {
      const top = parseFloat(String(self.data.scrollTop))
      if (Number.isFinite(top)) self.host.scrollTop = top
    })
  },
)

export const coverImage = builtIn(
  'cover-image',
  { src: text(), referrerPolicy: text() },
  (self) => {
    const picture = make('img', 'wx-picture', { alt: '' })
    picture.dataset['control'] = ''
    self.host.append(picture)
    picture.addEventListener('load', () =>
      self.emit('load', { width: picture.naturalWidth, height: picture.naturalHeight }),
    )
    picture.addEventListener('error', () => self.emit('error', { errMsg: `GET ${self.data.src} failed` }))
    self.watch(() => {
      const url = self.data.src === '' ? '' : self.phone.urlOf(self.data.src, self.from())
      if (picture.getAttribute('src') !== url) picture.src = url
    })
  },
  { hasContent: false },
)
