import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { IsString } from 'class-validator';
import { MAX_EMAIL_LENGTH } from '../../contact-book/email-address.js';
import type { PortalMatch, PortalMatches } from '../../read-models/portal-access/find-portal-access.js';
import { MaxLength } from '../max-length.js';
import { EXAMPLE_CONTACT_ID } from '../openapi/examples.js';

export class PortalLookUpRequest {
  @ApiProperty({ type: String, maxLength: MAX_EMAIL_LENGTH, example: 'margaux@lefevre.example' })
  @IsString()
  @MaxLength(MAX_EMAIL_LENGTH)
  readonly email!: string;
}

@ApiSchema({ name: 'PortalMatch' })
export class PortalMatchAnswer implements PortalMatch {
  @ApiProperty({ type: String, example: 'brasserie-lefevre' })
  readonly clientId!: string;

  @ApiProperty({ type: String, example: EXAMPLE_CONTACT_ID })
  readonly contactId!: string;

  @ApiProperty({ type: Boolean, example: true })
  readonly maySignIn!: boolean;

  @ApiProperty({
    type: 'integer',
    minimum: 1,
    example: 1,
    description: 'Links and sessions that were made under a lower one are dead',
  })
  readonly generation!: number;
}

@ApiSchema({ name: 'PortalMatches' })
export class PortalMatchesAnswer implements PortalMatches {
  @ApiProperty({
    type: [PortalMatchAnswer],
    description: 'All contacts of the workspace with this address, by client id and contact id',
  })
  readonly matches!: readonly PortalMatchAnswer[];

  @ApiProperty({
    type: Boolean,
    example: true,
    description:
      'Whether these are the matches of everything that was there when the question came. **When false the portal must refuse**: someone may be missing, or may be shown who must not sign in any more',
  })
  readonly complete!: boolean;
}
