/**
 * Which servers each version of the mini program talks to: `baseUrl` is the back end, `authUrl` is Yaopai's public
 * listener. WeChat wants both hosts in 服务器域名 (request and uploadFile), and https, for all but `develop`.
 */
const SERVERS = {
  develop: { baseUrl: 'http://127.0.0.1:8790', authUrl: 'http://127.0.0.1:8787' },
  trial: { baseUrl: 'https://shop-test.example.com', authUrl: 'https://login-test.example.com' },
  release: { baseUrl: 'https://shop.example.com', authUrl: 'https://login.example.com' },
}

/** The servers of the version that runs here. */
function serversOf(wx) {
  const { envVersion } = wx.getAccountInfoSync().miniProgram
  return SERVERS[envVersion] || SERVERS.release
}

module.exports = { SERVERS, serversOf }
