export const SECRET: string
export function sessionData(number: number): { user: object; session: object }
