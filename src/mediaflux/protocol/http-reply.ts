// An answer whose body is still to come.

export interface HttpReply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** Read to its end, left in the middle, or dumped: else its connection is lost. */
  body: AsyncIterable<Buffer> & { dump(): Promise<unknown> };
}
