// Calls every operation of the contract through the generated client, as a program of somebody else would, and prints each answer as a line of JSON.
import { createClient, createConfig } from './generated/client';
import * as api from './generated/sdk.gen';

declare const process: { env: Record<string, string | undefined>; exitCode?: number };

const [asker, reviewer, decider] = JSON.parse(process.env.TOKENS!) as string[];
const clientOf = (token?: string) =>
  createClient(createConfig({ baseUrl: process.env.API!, auth: token, responseStyle: 'fields' }));
const [first, second, third, nobody] = [clientOf(asker), clientOf(reviewer), clientOf(decider), clientOf()];

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

async function called<T>(operation: string, answer: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await answer;
  console.log(JSON.stringify({ operation, status: response.status, type: response.headers.get('content-type'), body: data ?? error ?? null }));
  if (!response.ok) {
    throw new Error(`${operation}: ${response.status} ${JSON.stringify(error)}`);
  }
  return data as T;
}

async function main(): Promise<void> {
  await called('getHealth', api.getHealth({ client: nobody }));
  await called('getContract', api.getContract({ client: nobody }));
  await called('getHealthDetails', api.getHealthDetails({ client: first }));

  const run = await called('requestScan', api.requestScan({ client: first, body: { mode: 'full' }, headers: { 'Idempotency-Key': 'client-1' } }));
  await called('listScans', api.listScans({ client: first, query: { limit: 5 } }));
  await called('getScan', api.getScan({ client: first, path: { id: run.id } }));
  await called('cancelScan', api.cancelScan({ client: first, path: { id: run.id } }));

  const apps = await called('listApps', api.listApps({ client: first, query: { limit: 200, state: 'unapproved' } }));
  const asked = apps.apps.find((app) => app.appId !== null)!;
  await called('getApp', api.getApp({ client: first, path: { id: asked.servicePrincipalId } }));
  const findings = await called('listFindings', api.listFindings({ client: first, query: { severity: 'high', limit: 10 } }));
  const finding = findings.findings[0];
  await called('getFinding', api.getFinding({ client: first, path: { id: finding.id } }));
  await called('muteFinding', api.muteFinding({ client: second, path: { id: finding.id }, body: { reason: 'known and wanted', until: process.env.TOMORROW! } }));
  await called('getKpis', api.getKpis({ client: first, query: { history: 30 } }));
  await called('getDigest', api.getDigest({ client: first, query: { audience: 'security', language: 'de' } }));
  await called('getReport', api.getReport({ client: first, query: { language: 'fr' }, parseAs: 'text' }));
  await called('export', api.export_({ client: first, query: { format: 'csv', what: 'findings' }, parseAs: 'text' }));

  const request = await called('openRequest', api.openRequest({ client: first, body: { app: asked.servicePrincipalId, purpose: 'campaign texts' } }));
  await called('signOff', api.signOff({ client: second, path: { id: request.id }, body: { role: 'security', note: 'looked at it' } }));
  await called('decide', api.decide({ client: third, body: { decision: 'deny', request: request.id, reason: 'another tool does it' } }));
  await called('listDecisions', api.listDecisions({ client: first }));

  const order = await called('planRevocation', api.planRevocation({ client: first, body: { app: process.env.APP!, reason: 'records clients' } }));
  await called('listRevocations', api.listRevocations({ client: first }));
  const plan = await called('getRevocation', api.getRevocation({ client: second, path: { id: order.id } }));
  await called('approveRevocation', api.approveRevocation({ client: second, path: { id: order.id }, body: { fingerprint: plan.fingerprint } }));
  await called('executeRevocation', api.executeRevocation({ client: third, path: { id: order.id }, body: { execute: true } }));
  await called('undoRevocation', api.undoRevocation({ client: third, path: { id: order.id }, body: { execute: true } }));

  const queue = await called('getQueue', api.getQueue({ client: first }));
  await called('replayMessage', api.replayMessage({ client: first, path: { id: queue.parked[0].id } }));
  const subject = { client: third, path: { id: process.env.SUBJECT! } };
  const preview = await api.previewErasure(subject);
  await called('previewErasure', Promise.resolve(preview));
  await called('eraseSubject', api.eraseSubject({ ...subject, headers: { 'If-Match': preview.response.headers.get('etag')! } }));
  await called('verifyAudit', api.verifyAudit({ client: first }));
}

main().catch((problem: unknown) => {
  console.error(problem);
  process.exitCode = 1;
});
