// What people are told when something did not work. Programs are told the same in English.

export const troubles = {
  'trouble.methodNotOffered': '该平台不提供这种获取方式。请改用其他方式，或咨询 {contact}。',
  'trouble.tooManyLogons':
    '此账户的登录被拒次数过多；为避免账户被锁定，请等待 {minutes, plural, other {# 分钟}}后再试。',
  'trouble.tooManyGuesses': '来自此网络的未知链接过多，请等待 {seconds, plural, other {# 秒}}后再试。',
  'trouble.tooOften': '此链接已到期，且访问过于频繁，请等待 {seconds, plural, other {# 秒}}后再试。',
  'trouble.askedTooSoon': '一天之内已有一次延长期限的申请被拒绝。请咨询 {contact}，或明天再在此申请。',
  'trouble.onlyByButton': '此地址只能通过按钮访问。请打开邮件中的链接，并使用页面上的按钮。',
  'trouble.nothingHere': '此地址没有内容。',
  'trouble.unavailable': '暂时无法访问数据。请稍后再试；数据不会丢失。',
  'trouble.request': '无法处理您的浏览器发送的内容。请返回后重试。',
  'trouble.internal': '这里出现了意外的故障。请重试；如果仍然失败，请将以下编号告知服务的管理人员：{requestId}。',
  'copyTrouble.fields': '请填写域、用户名和密码，或者填写令牌。',
  'copyTrouble.logon': 'Mediaflux 拒绝了登录：域、用户名或密码有误；启用了双重验证的账户需要改用身份令牌。',
  'copyTrouble.token': 'Mediaflux 拒绝了令牌：令牌有误或已过期。',
  'copyTrouble.readOnly': '此账户无权写入 {namespace}。',
  'copyTrouble.ownData': '{namespace} 属于这些数据本身。请选择其他目标。',
  'copyTrouble.parentMissing': '无法创建 {namespace}：此账户看不到命名空间 {parent}。',
  'copyTrouble.parentReadOnly': '无法创建 {namespace}：此账户无权写入 {parent}。',
  'copyTrouble.changed':
    'Mediaflux 中的数据为 {files, number} 个文件、{bytes, number} 字节，而当时上传的是 {ofFiles, number} 个文件、{ofBytes, number} 字节；请告知平台。',
  'copyTrouble.differs': '{path} 已存在且内容不同；已有内容不会被覆盖。请将其移走，或选择其他目标。',
  'copyTrouble.notWhole': '{path} 未完整送达：其大小或校验和不一致。请在该处将其删除，然后重新登录，复制会继续。',
  'copyTrouble.ended': '复制过程中，平台终止了此链接。',
  'copyTrouble.expired': '此链接到期已超过一周；请向平台索取新链接。',
  'copyTrouble.loggedOff': '登录在复制完成前已失效。请重新登录，复制会从中断处继续。',
  'copyTrouble.notPermitted': '此账户无权写入该处，或已不再有此权限。请恢复权限后重新登录，或选择其他目标。',
  'copyTrouble.quota': '目标的配额已用完。请腾出空间后重新登录，复制会继续。',
  'copyTrouble.name': 'Mediaflux 不接受目标的名称。请换一个名称。',
  'copyTrouble.path': '请选择项目，或填写命名空间的完整路径，例如 /projects/proj-mine-1128.4.20/data。',
  'copyTrouble.secondFactor':
    'Mediaflux 要求此账户进行双重验证，而此处无法提供。请在 Mediaflux 中生成身份令牌，用它代替密码。',
  'copyTrouble.noPasswords': '此平台的复制不接受密码。请改用您的身份令牌。',
  'copyTrouble.logonOver': '您的登录已失效。请重新登录。',
  'copyTrouble.unexplained': 'Mediaflux 多次拒绝，说明如下：{detail}',
  'copyTrouble.notResumable': '这次复制正在进行、已完成，或已随链接终止，因此不接受新的登录。',
  'copyTrouble.placeTaken':
    '这些数据到 {destination} 的另一次复制正在进行，所含文件相同。请等待它结束；如果它也失败，任选其一继续即可。',
  'copyTrouble.tooLate': '此链接已到期，这次复制可以继续的期限也已过。请向平台索取新链接。',
} as const;
