// How to get the Data Mover and use it. Commands and names of programs stand outside, or stay as they are.

export const program = {
  'program.intro':
    '它用于上传仪器采集的数据，也用于下载邮件链接所提供的数据。每个文件都会校验；中断后，运行相同的命令即可从中断处继续。',
  'program.absent': '此服务器上没有该程序，请咨询服务器管理员。',
  'program.toFetch': '下载数据',
  'program.toFetch.text': '使用邮件中的链接，下载到一个文件夹；其中可以已有部分数据：',
  'program.windows': 'Windows 10 及更高版本',
  'program.node': 'Node 20.19 或更高版本，只需安装一次：',
  'program.olderNode': '如果其版本低于 20.19，请从 https://nodejs.org 安装',
  'program.fetch': '下载程序并计算校验和，结果必须与上面的一致：',
  'program.proxy': '如果网络只允许计算机通过代理访问外部，请在第一条命令之前指定代理；如果不需要用户名和密码，请省略：',
  'program.atInstrument': '在仪器端，使用管理员给您的 settings.xml：',
  'program.atStart.windows':
    '如需自计算机启动起监视文件夹，请在“任务计划程序”中创建任务：触发器选“启动时”，不管用户是否登录都要运行，程序为“node”，参数为最后一条命令的参数。',
  'program.atStart.macOS':
    '如需自计算机启动起监视文件夹，请将最后一条命令写入 /Library/LaunchDaemons 中的属性列表文件（.plist），并设置 RunAtLoad 和 KeepAlive。',
  'program.atStart.linux':
    '如需自计算机启动起监视文件夹，请创建一个 systemd 服务，以最后一条命令作为 ExecStart，并设置 Restart=on-failure。',
} as const;
