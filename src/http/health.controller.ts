import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from './who-may.js';

@ApiExcludeController()
@Controller('health')
export class HealthController {
  /** Whether this process answers at all; it asks no other server. */
  @Get('live')
  @Public()
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }
}
