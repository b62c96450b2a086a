// A number of the user's is sealed with the session_key, which there is once somebody has logged in.
App({
  onLaunch() {
    wx.login()
  },
})
