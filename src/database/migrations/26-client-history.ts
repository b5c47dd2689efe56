// What a client did is looked up before what it says is taken. These find it however much the client did meanwhile: one
// address may stand for a whole campus, and a scanner follows the hidden link of every mail.

import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ClientHistory1764000000026 implements MigrationInterface {
  name = 'ClientHistory1764000000026';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `create index access_client_of_delivery on access_client (delivery_id, at) where followed_hidden_link or is_head`,
    );
    await queryRunner.query(
      `create index access_client_followed on access_client (address_hash, agent_hash, at) where followed_hidden_link`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`drop index access_client_followed, access_client_of_delivery`);
  }
}
