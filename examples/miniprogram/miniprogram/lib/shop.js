/** What the servers are asked for. Each function rejects with an error that has a `code`; see lib/failure.js. */
function createShop(yaopai, language) {
  const { authUrl } = yaopai
  const send = (options) =>
    yaopai
      .request(Object.assign({ header: { 'Accept-Language': language } }, options))
      .then(({ statusCode, data }) => taken(statusCode, data))

  return {
    // The back end.
    whoami: () => send({ url: '/whoami' }),
    addToCart: (item) => send({ url: '/cart', method: 'POST', data: { item } }),

    /** Sends the picture to the back end and its address to Yaopai; then everybody knows it. */
    async changeAvatar(filePath) {
      const { statusCode, data } = await yaopai.upload({ url: '/avatar', name: 'avatar', filePath })
      const { avatarUrl } = taken(statusCode, parsed(data))
      return changeProfile({ avatarUrl })
    },

    // Yaopai.
    changeNickname: (nickname) => changeProfile({ nickname }),
    sessions: () => send({ url: `${authUrl}/me/sessions` }).then(({ sessions }) => sessions),
    endSession: (id) => send({ url: `${authUrl}/me/sessions/${id}`, method: 'DELETE' }),
    endOtherSessions: () => send({ url: `${authUrl}/me/sessions`, method: 'DELETE' }),
    events: (before) => send({ url: `${authUrl}/me/events`, data: before ? { before } : {} }),
  }

  // POST, since wx.request knows no PATCH. To say the same twice is to say it once, so it may be sent again.
  async function changeProfile(data) {
    await send({ url: `${authUrl}/me`, method: 'POST', data, idempotent: true })
    return yaopai.refreshUser()
  }
}

/** The body of an answer that is a success; every other one becomes an error with the code of its problem. */
function taken(statusCode, data) {
  const isObject = typeof data === 'object' && data !== null
  if (statusCode === 204 || (statusCode >= 200 && statusCode < 300 && isObject)) return data
  const problem = isObject ? data : {}
  const error = new Error(`HTTP ${statusCode}`)
  error.code = typeof problem.code === 'string' ? problem.code : 'bad_response'
  error.class = problem.class
  throw error
}

/** wx.uploadFile hands out text. A proxy's page is no JSON. */
function parsed(text) {
  try {
    return JSON.parse(text)
  } catch (_notJson) {
    return null
  }
}

module.exports = { createShop }
