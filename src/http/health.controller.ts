import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';

@ApiExcludeController()
@Controller('health')
export class HealthController {
  /** Whether this process answers at all; it asks no other server. */
  @Get('live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }
}
