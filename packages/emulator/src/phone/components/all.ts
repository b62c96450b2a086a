import { BUILT_INS } from '../../lib/miniprogram/built-ins.ts'
import { button } from './button.ts'
import { checkbox, checkboxGroup } from './checkbox.ts'
import type { BuiltIn } from './core/built-in.ts'
import { anything, type Properties } from './core/property.ts'
import { coverImage, coverView } from './cover.ts'
import { form } from './form.ts'
import { icon } from './icon.ts'
import { image } from './image.ts'
import { input } from './input.ts'
import { label } from './label.ts'
import { matchMedia } from './match-media.ts'
import { movableArea, movableView } from './movable.ts'
import { navigator } from './navigator.ts'
import { pageContainer } from './page-container.ts'
import { navigationBar, pageMeta } from './page-level.ts'
import { picker } from './picker.ts'
import { pickerView, pickerViewColumn } from './picker-view.ts'
import { placeholder } from './placeholder.ts'
import { progress } from './progress.ts'
import { radio, radioGroup } from './radio.ts'
import { richText } from './rich-text.ts'
import { rootPortal } from './root-portal.ts'
import { scrollView } from './scroll-view.ts'
import { slider } from './slider.ts'
import { swiper, swiperItem } from './swiper.ts'
import { switcher } from './switch.ts'
import { text } from './text.ts'
import { textarea } from './textarea.ts'
import { view } from './view.ts'

const WORKING: readonly BuiltIn[] = [
  button,
  checkbox,
  checkboxGroup,
  coverImage,
  coverView,
  form,
  icon,
  image,
  input,
  label,
  matchMedia,
  movableArea,
  movableView,
  navigationBar,
  navigator,
  pageContainer,
  pageMeta,
  picker,
  pickerView,
  pickerViewColumn,
  progress,
  radio,
  radioGroup,
  richText,
  rootPortal,
  scrollView,
  slider,
  swiper,
  swiperItem,
  switcher,
  text,
  textarea,
  view,
]

const camel = (name: string): string => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** A placeholder takes what the real component would, so that nothing complains of it twice. */
function propertiesOf(attributes: readonly string[]): Properties {
  return Object.fromEntries(attributes.map((name) => [camel(name), anything()]))
}

const ABSENT: readonly BuiltIn[] = Object.entries(BUILT_INS).flatMap(([tag, { support, attributes }]) =>
  support === 'placeholder' ? [placeholder(tag, propertiesOf(attributes))] : [],
)

export const BUILT_IN_COMPONENTS: readonly BuiltIn[] = [...WORKING, ...ABSENT]
