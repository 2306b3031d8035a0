import type { Handlers } from './handler.ts';

export const storeRoutes: Handlers<'getStore' | 'makeBackup'> = {
  async getStore(_input, { maintenance }) {
    const { engine, schemaVersion, location, bytes, rows } = await maintenance.facts();
    return { status: 200, body: { engine, schema_version: schemaVersion, location, bytes, rows } };
  },

  async makeBackup({ body }, { maintenance }) {
    const { path, bytes, schemaVersion, rows, tookMs } = await maintenance.backup(body.to);
    const took_seconds = tookMs / 1000;
    return {
      status: 201,
      body: { path, bytes, schema_version: schemaVersion, rows, took_seconds },
    };
  },
};
