import type { PhoneHandle } from './handle.ts'

export type { PhoneHandle }

document.body.textContent = 'phone'
