/** What DevTools' `wx.login` gives in a project without an appid. */
export const MOCK_CODE = 'the code is a mock one'
