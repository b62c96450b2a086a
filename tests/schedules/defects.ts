import type { Defect } from './defect.ts'
import { loginDefects } from './login-defects.ts'
import { phoneDefects } from './phone-defects.ts'
import { refusalDefects } from './refusal-defects.ts'
import { renewalDefects } from './renewal-defects.ts'

export const defects: readonly Defect[] = [
  ...loginDefects,
  ...refusalDefects,
  ...renewalDefects,
  ...phoneDefects,
]
