import { readFrameQuery } from './frame-query.ts'
import type { PhoneHandle } from './handle.ts'
import { startPhone } from './runtime/phone.ts'

export type { PhoneHandle }

window.yaopaiPhone = startPhone(readFrameQuery(location.search))
