import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { cleanedEmail } from '../../contact-book/contact-fields.js';
import { FindPortalAccess } from '../../read-models/portal-access/find-portal-access.js';
import { Workspace } from '../request-context.js';
import { PortalLookUpRequest, PortalMatchesAnswer } from './portal-access.js';

@ApiTags('portal access')
@ApiBearerAuth()
@ApiParam({ name: 'workspaceId' })
@Controller('v1/workspaces/:workspaceId/portal-access')
export class PortalAccessController {
  constructor(private readonly queries: QueryBus) {}

  @Post('look-up')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Who of the workspace’s contacts has an address, and may sign in to the client portal',
    description:
      'The answer has the same shape whether the address is known or not. A person may be a contact of several clients: each of them is a match. **Unless `complete` is true the portal must refuse**, whatever the matches say.',
  })
  @ApiOkResponse({ type: PortalMatchesAnswer })
  lookUpPortalAccess(
    @Workspace() workspaceId: string,
    @Body() { email }: PortalLookUpRequest,
  ): Promise<PortalMatchesAnswer> {
    return this.queries.execute(new FindPortalAccess(workspaceId, cleanedEmail(email, '/email')));
  }
}
