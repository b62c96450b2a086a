import type { Machine } from '../machine.ts'
import { familyOf } from './errcodes.ts'
import { errorAnswer, type WechatAnswer } from './error-answer.ts'
import type { FaultInput } from './faults.ts'

/** The error page of a proxy or of a web server in front of WeChat. */
export function proxyPage(status: number): string {
  return `<html>\r\n<head><title>${status}</title></head>\r\n<body>\r\n<center><h1>${status}</h1></center>\r\n</body>\r\n</html>\r\n`
}

/** Whether the fault puts something in the place of WeChat's answer, or only slows or decorates it. */
export function replacesAnswer(fault: FaultInput): boolean {
  const { errcode, body, bodyBase64, status, reset } = fault
  return [errcode, body, bodyBase64, status].some((effect) => effect !== undefined) || reset === true
}

/** What is sent instead of WeChat's own answer. */
export function faultAnswer(machine: Machine, path: string, fault: FaultInput, ip: string): WechatAnswer {
  const { status, errcode, errmsg, body } = fault
  if (errcode !== undefined) {
    const answer = errorAnswer(machine, path, errcode, { ip, ...(errmsg === undefined ? {} : { errmsg }) })
    return { ...answer, status: status ?? 200 }
  }
  if (body !== undefined || fault.bodyBase64 !== undefined) {
    const contentType = familyOf(path)?.contentType ?? 'application/json'
    return { status: status ?? 200, contentType, body: body ?? '' }
  }
  return { status: status ?? 200, contentType: 'text/html', body: proxyPage(status ?? 200) }
}
