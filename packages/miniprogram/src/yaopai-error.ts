import type { ErrorClass, YaopaiErrorCode, YaopaiErrorLike } from './types.ts'

/** What is known of a failure beside its code, class and message. */
export interface Details {
  readonly status?: number
  readonly retryAfterSeconds?: number
  readonly requestId?: string
  readonly errno?: number
}

/**
 * The one kind of error that the client gives. Ask `code` and `class` rather than `instanceof`: tools that rewrite
 * classes for old phones break that for Error's children.
 */
export class YaopaiError extends Error implements YaopaiErrorLike {
  declare readonly code: YaopaiErrorCode
  declare readonly class: ErrorClass
  declare readonly status?: number
  declare readonly retryAfterSeconds?: number
  declare readonly requestId?: string
  declare readonly errMsg: string
  declare readonly errno?: number

  constructor(code: YaopaiErrorCode, errorClass: ErrorClass, errMsg: string = code, details?: Details) {
    super(errMsg)
    Object.assign(this, { name: 'YaopaiError', code, class: errorClass, errMsg }, details)
  }
}
