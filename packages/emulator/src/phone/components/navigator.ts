import { builtIn } from './core/built-in.ts'
import { hoverProperties, makeHover } from './core/hover.ts'
import { makePressable } from './core/press.ts'
import { anything, number, text } from './core/property.ts'
import type { AnySelf } from './core/self.ts'
import type { Navigation } from './services.ts'

const properties = {
  target: text('self'),
  url: text(),
  openType: text('navigate'),
  delta: number(1),
  appId: text(),
  path: text(),
  extraData: anything(),
  version: text('release'),
  shortLink: text(),
  ...hoverProperties('navigator-hover', 50, 600),
}

const OPEN_TYPES: readonly string[] = [
  'navigate',
  'redirect',
  'switchTab',
  'reLaunch',
  'navigateBack',
  'exit',
]

function isOpenType(name: string): name is Navigation['openType'] {
  return OPEN_TYPES.includes(name)
}

async function go(self: AnySelf): Promise<void> {
  const { openType, target, url, delta } = self.data
  const name = String(openType)
  if (target === 'miniProgram' || !isOpenType(name)) {
    const what = target === 'miniProgram' ? 'navigator target="miniProgram"' : `navigator open-type="${name}"`
    self.phone.missing({ what, file: self.from() })
    const detail = { errMsg: `${name}:fail not in this phone` }
    self.emit('fail', detail)
    self.emit('complete', detail)
    return
  }
  const detail = await self.phone.navigate({
    openType: name,
    url: String(url),
    delta: Number(delta),
    from: self.from(),
  })
  self.emit(detail.errMsg.endsWith(':ok') ? 'success' : 'fail', detail)
  self.emit('complete', detail)
}

export const navigator = builtIn('navigator', properties, (self) => {
  const any = self as unknown as AnySelf
  makeHover(any, 'navigator-hover')
  makePressable(any, { isDisabled: () => false, press: () => void go(any), role: 'link' })
})
