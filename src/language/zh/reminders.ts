// Reminders and what operators are told of them.

export const reminders = {
  'reminder.subject': '提醒：{platform} 的数据 {folder}，有效期至 {until}',
  'reminder.lastSubject': '最后一次提醒：{platform} 的数据 {folder}，有效期至 {until}',
  'reminder.preheader': '数据尚未获取，剩余{left}。',
  'reminder.intro': '{platform} 为您准备的数据尚未获取。',
  'reminder.part': '到目前为止，您已获取 {done, number} 个文件，共 {all, number} 个。',
  'reminder.last': '这是最后一次提醒：在下一次提醒之前，链接就会失效。',
  'reminder.have': '您需要的数据已经拿到了吗？请在页面上告知，我们将不再发送提醒。',
  'reminder.stop': '不再接收关于这些数据的提醒：',
  'notice.subject': '{platform}：已发送 {count, plural, other {# 封提醒}}',
  'notice.intro': '已提醒以下人员获取其尚未获取的数据：',
  'notice.sent': '{recipient}：{folder}，有效期至 {until}',
  'notice.notSent': '以下提醒未能发送：',
  'notice.failed': '{recipient}：{folder}：{reason}',
  'notice.unknown': '邮件服务器未确认；邮件可能已送达',
  'notice.fallback': 'Mediaflux 项目的元数据中没有有效地址，因此本邮件发送到上传授权（upload shareable）中的地址。',
  'vanished.subject': '{platform}：{folder} 已不在 Mediaflux 中',
  'vanished.intro': '已分发的数据已不在原来的位置。相关链接已失效，也不会再发送提醒。收件人：{recipients}。',
} as const;
