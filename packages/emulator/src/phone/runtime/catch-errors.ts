import { placeIn, type ReportError } from './problems.ts'

/** Errors that no `try` of the mini program met, and promises that nobody looked after. */
export function catchErrors(report: ReportError, onUnhandled: (reason: unknown) => void): void {
  addEventListener('error', (event) => {
    const { error, message, filename, lineno } = event
    if (!(error instanceof Error) && !filename) return
    event.preventDefault()
    const place = placeIn(`${filename}:${lineno}:0`)
    report(error ?? message, 'error', place?.file ?? '')
  })
  addEventListener('unhandledrejection', (event) => {
    event.preventDefault()
    report(event.reason, 'unhandledRejection')
    onUnhandled(event.reason)
  })
}
