import { absent } from './absent.ts'
import { basic } from './basic.ts'
import { button } from './button.ts'
import type { Checks } from './case-view.ts'
import { fields } from './fields.ts'
import { form } from './form.ts'
import { layers } from './layers.ts'
import { media } from './media.ts'
import { picker } from './picker.ts'
import { scroll } from './scroll.ts'
import { swiper } from './swiper.ts'

/** By the page of tests/phone/coverage that has the cases. */
export const checks: Readonly<Record<string, Checks>> = {
  basic,
  button,
  fields,
  form,
  picker,
  scroll,
  swiper,
  media,
  layers,
  absent,
}
