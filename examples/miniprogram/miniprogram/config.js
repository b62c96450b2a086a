/**
 * Which servers each version of the mini program talks to; WeChat says which version runs. Before a release both hosts
 * stand in 服务器域名 (request, uploadFile), with https.
 */
module.exports = {
  /** Your back end. */
  baseUrl: {
    develop: 'http://127.0.0.1:8790',
    trial: 'https://shop-test.example.com',
    release: 'https://shop.example.com',
  },
  /** Yaopai's public listener. */
  authUrl: {
    develop: 'http://127.0.0.1:8787',
    trial: 'https://login-test.example.com',
    release: 'https://login.example.com',
  },
}
