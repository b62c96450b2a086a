// The one user and session that peers answer with, as much as Yaopai's GET /session says.
export const SECRET = 'bench-secret-of-forty-characters-00000000'

export function sessionData(number) {
  const now = Date.now()
  return {
    user: {
      id: `usr_${String(number).padStart(16, '0')}`,
      nickname: 'alice',
      avatarUrl: null,
      phone: null,
      createdAt: new Date(now).toISOString(),
    },
    session: {
      id: `ses_${String(number).padStart(14, '0')}`,
      appid: 'wx0000000000000000',
      createdAt: new Date(now).toISOString(),
      expiresAt: new Date(now + 2_592_000_000).toISOString(),
      idleSeconds: 259_200,
    },
  }
}
